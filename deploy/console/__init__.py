"""Building and checking the web client, with the machine's Node or one from the package index."""
