"""
AWS on this machine: the moto server, the processes around it, and sessions that know it alone.
"""
