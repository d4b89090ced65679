"""What igauth knows of the terminal it runs in: clipboard, plain view, links, endings, crashes."""
