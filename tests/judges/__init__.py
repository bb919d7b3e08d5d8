"""Judges that are not ours: other people's programs that read the policies made here."""
