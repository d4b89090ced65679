"""All that knows Meta: the Graph client, logging in, its errors and what to do about them."""
