"""What is told to whom, when, and in which words; pure."""
