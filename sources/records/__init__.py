"""Files whose figures come as records: answers of services in JSON, SDMX messages."""
