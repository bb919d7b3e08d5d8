locals {
  quotes  = "say \"hi\" \\ and\nnew"
  dollars = "$${not} %%{if}"
  unicode = "\u00e9é"
}
