# A release as a data frame: Rscript read_release.R https://office.example 1
# The token is in the environment variable COVALUE_TOKEN.
asked <- commandArgs(trailingOnly = TRUE)
token <- c(Authorization = paste("Bearer", Sys.getenv("COVALUE_TOKEN")))
file <- url(sprintf("%s/api/v1/releases/%s/files/csv", asked[1], asked[2]), headers = token, encoding = "UTF-8")
figures <- read.csv(file)
print(figures[figures$what == "total", c("territory", "framework", "value", "low", "high")], row.names = FALSE)
