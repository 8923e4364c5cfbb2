; Made from editors/tree-sitter-zis/queries/highlights.scm by spread_queries.mjs.

; The colours of .zis. Where two patterns meet, the later one wins. The names of captures are those of Neovim.

; Names

(identifier) @variable
((identifier) @variable.builtin
  (#eq? @variable.builtin "_"))
(root) @variable.builtin

(member name: (identifier) @variable.other.member)
(let target: (dotted_name "." (identifier) @variable.other.member))
(pair key: (_) @variable.other.member)
(field_type name: (_) @variable.other.member)
(argument name: (_) @variable.parameter)
(parameter name: (identifier) @variable.parameter)

(param name: (identifier) @constant)
(given_param name: (identifier) @constant)
(connection name: (dotted_name (identifier) @constant))
(uses_connection name: (dotted_name (identifier) @constant))
(connection kind: (identifier) @type.builtin)

(integration_key) @namespace
(config name: (identifier) @namespace)
(event name: (identifier) @namespace)
(given_config name: (identifier) @namespace)

(label (_) @label)
(label (dotted_name (identifier) @label))
(label_name (_) @label)
(label_name (dotted_name (identifier) @label))

; Functions: what stands in front of the last name of an action is no value.

(call function: (identifier) @function)
(call function: (member name: (identifier) @function))
(call function: (member object: (identifier) @namespace))
(call function: (member object: (member name: (identifier) @namespace)))
(call function: (member object: (member object: (identifier) @namespace)))

(action name: (dotted_name (identifier) @namespace . "."))
(action name: (dotted_name (identifier) @function .))
(mock action: (dotted_name (identifier) @namespace . "."))
(mock action: (dotted_name (identifier) @function .))
(expectation action: (dotted_name (identifier) @namespace . "."))
(expectation action: (dotted_name (identifier) @function .))
(flow name: (dotted_name (identifier) @function))
(job name: (dotted_name (identifier) @function))
(job event: (dotted_name (identifier) @namespace . "."))
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

(number) @constant.numeric
(duration) @constant.numeric
[(true) (false)] @constant.builtin.boolean
(null) @constant.builtin

(string) @string
(pair key: (string) @variable.other.member)
(field_type name: (string) @variable.other.member)
(argument name: (string) @variable.other.member)
(label (string) @label)
(label_name (string) @label)
(escape) @constant.character.escape
(placeholder) @string.special
(interpolation ["${" "}"] @punctuation.special)

(jq "jq" @function.builtin)
(jq "`" @punctuation.special)

; Words

["integration" "bundle" "param" "connection" "config" "type" "event" "raw" "extra" "let"] @keyword
["headers" "query" "body" "path"] @keyword
["action" "job" "flow" "test"] @keyword.function
["import" "from"] @keyword.control.import
(method) @keyword
["goto" "yield" "mock" "run" "expect" "call" "error" "times"] @keyword
[(break) (continue)] @keyword
["if" "else" "match"] @keyword.control.conditional
["for" "while"] @keyword.control.repeat
(for "in" @keyword.control.repeat)
(comprehension "in" @keyword.control.repeat)
["try" "catch" "fail"] @keyword.control.exception
["succeed" "wait" (return)] @keyword.control.return
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
(documentation) @comment.line.documentation
