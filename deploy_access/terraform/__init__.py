"""Read who may assume which role and what it may do, however people write it down."""
