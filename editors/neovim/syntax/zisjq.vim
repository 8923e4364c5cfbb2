" Colours of the jq between backticks.

syntax match jqOperator /[-+*\/%=!<>?|]/
syntax match jqFunction /\<\h\w*\>/
syntax match jqFormat /@\h\w*/
syntax match jqVariable /\$\h\w*/
syntax match jqPath /\.\h\w*/
syntax match jqNumber /\<\d\+\%(\.\d\+\)\?\>/
syntax match jqKey /[{,]\s*\zs\h\w*\ze\s*:/
syntax keyword jqKeyword if then elif else end as reduce foreach try catch label break def and or not
syntax keyword jqConstant true false null
syntax match jqComment /#[^`]*/
syntax region jqString start=/"/ skip=/\\[^(]/ end=/"/ contains=jqInterpolation
syntax region jqInterpolation matchgroup=jqDelimiter start=/\\(/ end=/)/ contained contains=@zisJq,jqGroup
syntax region jqGroup start=/(/ end=/)/ contained contains=@zisJq,jqGroup

highlight default link jqComment Comment
highlight default link jqConstant Constant
highlight default link jqDelimiter Delimiter
highlight default link jqFormat Function
highlight default link jqFunction Function
highlight default link jqKey Identifier
highlight default link jqKeyword Keyword
highlight default link jqNumber Number
highlight default link jqOperator Operator
highlight default link jqPath Identifier
highlight default link jqString String
highlight default link jqVariable Identifier
