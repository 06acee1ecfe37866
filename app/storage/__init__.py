"""Tables beside their queries, one file a thing; the only room that writes SQL."""
