"""
What AWS holds after an apply, against what was synthesized.
"""
