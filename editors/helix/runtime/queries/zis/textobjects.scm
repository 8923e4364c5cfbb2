(flow body: (_) @function.inside) @function.around
(action body: (_) @function.inside) @function.around
(type type: (_) @class.inside) @class.around
(test body: (_) @test.inside) @test.around

(parameters ((_) @parameter.inside . ","? @parameter.around) @parameter.around)
(arguments ((_) @parameter.inside . ","? @parameter.around) @parameter.around)

(pair value: (_) @entry.inside) @entry.around
(field_type type: (_) @entry.inside) @entry.around

[(comment) (documentation)] @comment.inside
(comment)+ @comment.around
(documentation)+ @comment.around
