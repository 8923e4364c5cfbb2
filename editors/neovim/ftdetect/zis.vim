autocmd BufNewFile,BufRead *.zis setfiletype zis
