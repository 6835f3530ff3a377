"""Shows the assistant: the command line and the web page."""
