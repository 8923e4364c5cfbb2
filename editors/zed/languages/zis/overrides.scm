[(string) (jq_program)] @string
[(comment) (documentation)] @comment.inclusive
