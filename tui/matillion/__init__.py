"""All that knows Matillion ETL: its callback, its REST API v1, and what can be said of its own authorisation."""
