(flow body: (_) @function.inside) @function.around
(action body: (_) @function.inside) @function.around
(type type: (_) @class.inside) @class.around
[(comment) (documentation)]+ @comment.around
