; What a name stands for inside one flow or action. Members of the data live as long as the flow.

[
  (flow)
  (action)
  (block)
  (comprehension)
] @local.scope

(parameter name: (identifier) @local.definition.parameter)
(let target: (dotted_name . (identifier) @local.definition.var))
(for item: (identifier) @local.definition.var)
(comprehension item: (identifier) @local.definition.var)
(catch target: (dotted_name . (identifier) @local.definition.var))

(identifier) @local.reference
