"""What stands between a file and this machine: limits, a look before reading, a process of its own."""
