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
