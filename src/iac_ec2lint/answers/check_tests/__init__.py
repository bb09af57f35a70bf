"""Whether checks find what their documentation and their fixtures say."""
