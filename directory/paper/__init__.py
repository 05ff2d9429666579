"""The directory on paper: leaflets and the booklet. What is to be printed goes in as facts and words; PDF bytes come out."""
