"""What a mail says, and what it is: all of it pure, and made for bytes that nobody vouches for."""
