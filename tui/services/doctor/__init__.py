"""What `igauth doctor` checks: one file a subject, each of which yields findings."""
