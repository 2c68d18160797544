"""The open data of a publication, judged by what others have published of how they must be."""
