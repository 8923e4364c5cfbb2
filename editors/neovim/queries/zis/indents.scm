; Made from editors/tree-sitter-zis/queries/indents.scm by spread_queries.mjs.

[
  (block)
  (action_body)
  (test_body)
  (match_body)
  (record)
  (record_type)
  (map_type)
  (array)
  (comprehension)
  (arguments)
  (parameters)
  (group)
] @indent.begin

["}" "]" ")"] @indent.branch @indent.end

[(jq_program) (text)] @indent.ignore
