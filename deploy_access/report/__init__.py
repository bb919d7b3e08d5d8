"""Renderers: each makes text of what was decided elsewhere, and decides nothing."""
