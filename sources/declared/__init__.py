"""What `source.yml` may say: where a source comes from, where things stand in its files, what they mean."""
