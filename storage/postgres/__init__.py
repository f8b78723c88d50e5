"""The store over PostgreSQL: the same promises as the folder's own, for several processes on several machines."""
