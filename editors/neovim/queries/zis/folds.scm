; Made from editors/tree-sitter-zis/queries/folds.scm by spread_queries.mjs.

[
  (block)
  (action_body)
  (test_body)
  (match_body)
  (record)
  (record_type)
  (array)
  (arguments)
  (parameters)
  (jq)
] @fold

(comment)+ @fold
(documentation)+ @fold
