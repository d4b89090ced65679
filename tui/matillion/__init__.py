"""All that knows Matillion ETL: its callback, its REST API v1, and the estimate for its own token."""
