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
] @indent

["}" "]" ")"] @outdent
