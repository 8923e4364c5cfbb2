(integration "integration" @context key: (_) @name) @item
(param "param" @context name: (_) @name) @item
(connection "connection" @context name: (_) @name) @item
(config "config" @context name: (_) @name) @item
(type "type" @context name: (_) @name) @item
(event "event" @context name: (_) @name) @item
(action "action" @context name: (_) @name) @item
(job "job" @context name: (_) @name) @item
(flow "flow" @context name: (_) @name) @item
(test "test" @context name: (_) @name) @item
(raw "raw" @context name: (_) @name) @item
(block label: (label) @name) @item

(documentation) @annotation
