"""What arrived: partitions and their files, which deliveries are whole, what a file's name tells."""
