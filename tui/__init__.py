"""igauth: set up and keep alive the OAuth token behind Matillion ETL's Instagram Extract connector."""

__version__ = "0.1.0"
