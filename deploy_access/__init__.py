"""Say who on GitHub may do what on AWS: plain values, no CDKTF, no credentials, no network."""
