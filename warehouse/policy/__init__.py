"""What a bureau adds to the registers of policy: targets, documents, composite indices, read and held to their form."""
