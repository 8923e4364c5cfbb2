; Made from editors/tree-sitter-zis/queries/tags.scm by spread_queries.mjs.

(action name: (_) @name) @definition.function
(flow name: (_) @name) @definition.function
(job name: (_) @name) @definition.method
(type name: (_) @name) @definition.type
(param name: (_) @name) @definition.constant
(connection name: (_) @name) @definition.constant
(config name: (_) @name) @definition.module
(event name: (_) @name) @definition.type
(integration key: (_) @name) @definition.module
(test name: (_) @name) @definition.method

(call function: (_) @name) @reference.call
(job flow: (_) @name) @reference.call
