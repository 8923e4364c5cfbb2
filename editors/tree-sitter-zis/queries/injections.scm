; jq between backticks, and JSON where it is kept as it stands.

((jq_program) @injection.content
  (#set! injection.language "jq"))

((raw json: (record) @injection.content)
  (#set! injection.language "json")
  (#set! injection.include-children))

((raw_rule json: (record) @injection.content)
  (#set! injection.language "json")
  (#set! injection.include-children))

((extra json: (record) @injection.content)
  (#set! injection.language "json")
  (#set! injection.include-children))

((comment) @injection.content
  (#set! injection.language "comment"))
