"""What stands between igauth and any host: proxy variables, certificates, and who failed on the way."""
