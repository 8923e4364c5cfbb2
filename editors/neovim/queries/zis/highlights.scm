; Made from editors/tree-sitter-zis/queries/highlights.scm by spread_queries.mjs.

; The colours of .zis. Where two patterns meet, the later one wins. The names of captures are those of Neovim.

; Names

(identifier) @variable
((identifier) @variable.builtin
  (#eq? @variable.builtin "_"))
(root) @variable.builtin

(member name: (identifier) @variable.member)
(let target: (dotted_name "." (identifier) @variable.member))
(pair key: (_) @property)
(field_type name: (_) @property)
(argument name: (_) @variable.parameter)
(parameter name: (identifier) @variable.parameter)

(param name: (identifier) @constant)
(given_param name: (identifier) @constant)
(connection name: (dotted_name (identifier) @constant))
(uses_connection name: (dotted_name (identifier) @constant))
(connection kind: (identifier) @type.builtin)

(integration_key) @module
(config name: (identifier) @module)
(event name: (identifier) @module)
(given_config name: (identifier) @module)

(label (_) @label)
(label (dotted_name (identifier) @label))
(label_name (_) @label)
(label_name (dotted_name (identifier) @label))

; Functions: what stands in front of the last name of an action is no value.

(call function: (identifier) @function.call)
(call function: (member name: (identifier) @function.call))
(call function: (member object: (identifier) @module))
(call function: (member object: (member name: (identifier) @module)))
(call function: (member object: (member object: (identifier) @module)))

(action name: (dotted_name (identifier) @module . "."))
(action name: (dotted_name (identifier) @function .))
(mock action: (dotted_name (identifier) @module . "."))
(mock action: (dotted_name (identifier) @function .))
(expectation action: (dotted_name (identifier) @module . "."))
(expectation action: (dotted_name (identifier) @function .))
(flow name: (dotted_name (identifier) @function))
(job name: (dotted_name (identifier) @function))
(job event: (dotted_name (identifier) @module . "."))
(job event: (dotted_name (identifier) @type .))
(job flow: (dotted_name (identifier) @function))
(run flow: (dotted_name (identifier) @function))

(attribute "@" @attribute)
(attribute name: (identifier) @attribute)

; Types

(type_name) @type
(type_name (identifier) @type)
((type_name) @type.builtin
  (#any-of? @type.builtin "string" "number" "int" "bool" "null" "timestamp" "any"))
((type_name (identifier) @type.builtin)
  (#any-of? @type.builtin "string" "number" "int" "bool" "timestamp" "any"))
(type name: (identifier) @type)

; Values

(number) @number
(duration) @number
[(true) (false)] @boolean
(null) @constant.builtin

(string) @string
(pair key: (string) @property)
(field_type name: (string) @property)
(argument name: (string) @property)
(label (string) @label)
(label_name (string) @label)
(escape) @string.escape
(placeholder) @string.special
(interpolation ["${" "}"] @punctuation.special)

(jq "jq" @function.builtin)
(jq "`" @punctuation.special)

; Words

["integration" "bundle" "param" "connection" "config" "type" "event" "raw" "extra" "let"] @keyword
["headers" "query" "body" "path"] @keyword
["action" "job" "flow" "test"] @keyword.function
["import" "from"] @keyword.import
(method) @keyword
["goto" "yield" "mock" "run" "expect" "call" "error" "times"] @keyword
[(break) (continue)] @keyword
["if" "else" "match"] @keyword.conditional
["for" "while"] @keyword.repeat
(for "in" @keyword.repeat)
(comprehension "in" @keyword.repeat)
["try" "catch" "fail"] @keyword.exception
["succeed" "wait" (return)] @keyword.return
(binary "in" @keyword.operator)
["is" "present"] @keyword.operator
(is "null" @constant.builtin)

; Signs

["=" "==" "!=" "<=" ">=" "<" ">" "&&" "||" "!" "??" "+" "-" "*" "/" "%" "?" "|" "->" "..."] @operator
(conditional ":" @operator)
["(" ")" "[" "]" "{" "}"] @punctuation.bracket
["," "." ":"] @punctuation.delimiter
(interpolation "}" @punctuation.special)
(conditional ":" @operator)

; Comments

(comment) @comment
(documentation) @comment.documentation
