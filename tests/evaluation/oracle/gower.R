# Gower's distance by R cluster::daisy. Usage: Rscript gower.R FOLDER
# FOLDER/gower_data.json is read, FOLDER/gower.json written (lower triangles by column).
suppressMessages({library(jsonlite); library(cluster)})
folder <- commandArgs(TRUE)[1]
g <- fromJSON(file.path(folder, "gower_data.json"))
d <- data.frame(num = g$num, num2 = g$num2, ord = factor(g$ord, levels = 1:5, ordered = TRUE),
  nom = factor(g$nom), asym = g$asym)
triangle <- function(x) as.numeric(as.matrix(x)[lower.tri(as.matrix(x))])
one <- daisy(d, metric = "gower", type = list(asymm = "asym"))
two <- daisy(d, metric = "gower", type = list(asymm = "asym"), weights = g$weights)
write_json(list(plain = triangle(one), weighted = triangle(two),
  versions = list(R = R.version.string, cluster = as.character(packageVersion("cluster")))),
  file.path(folder, "gower.json"), digits = 17, auto_unbox = TRUE, pretty = TRUE, na = "null")
