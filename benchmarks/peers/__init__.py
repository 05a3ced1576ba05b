"""What symgan is held against, a library a module."""
