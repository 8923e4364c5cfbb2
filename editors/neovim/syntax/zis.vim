" Colours of .zis.

if exists("b:current_syntax")
  finish
endif

syntax case match
syntax iskeyword @,48-57,_

" Names, from the widest to the narrowest: a later rule wins where two begin at one place.
syntax match zisOperator /[-+*\/%=!<>?|&:]/
syntax match zisFunction /\<\h\w*\ze(/
syntax match zisNamespace /\<\h\w*\%(\.\h\w*\)*\ze\.\h\w*(/
syntax match zisLabel /\%(^\|{\)\s*\zs\h\w*\%(\.\w\+\)*\ze\s*:\s*\%(let\|if\|match\|for\|while\|try\|return\|succeed\|fail\|wait\|goto\|\h[[:alnum:]_.]*(\)/
syntax match zisData /\$/

syntax keyword zisConditional if else match
syntax keyword zisRepeat for while in
syntax keyword zisException try catch fail
syntax keyword zisStatement return succeed wait goto
syntax match zisStatement /\<\%(break\|continue\)\ze\s*\%($\|}\|\/\/\)/
syntax match zisStatement /\<yield\ze\s/
syntax keyword zisOperatorWord is present
syntax keyword zisBoolean true false
syntax keyword zisNull null
syntax keyword zisStructure let raw
syntax keyword zisType string number int bool timestamp any

syntax match zisStructure /^\s*\zs\%(integration\|bundle\|param\|type\|connection\|config\|event\|action\|job\|flow\|test\|extra\)\ze\s\+[[:alnum:]_"{]/
syntax match zisStructure /^\s*\zs\%(headers\|query\|body\)\ze\s\+\S/
syntax match zisInclude /^import\>/
syntax match zisInclude /}\s*\zsfrom\ze\s*"/
syntax match zisStatement /^\s*\zs\%(GET\|POST\|PUT\|PATCH\|DELETE\|HEAD\|OPTIONS\)\>/
syntax match zisStatement /^\s*\zs\%(mock\|run\|expect\%(\s\+\%(call\|path\)\)\?\)\ze\s/
syntax match zisFunction /\%(\<\%(job\|flow\|run\)\s\+\)\@<=\h\w*/
syntax match zisTypeName /\%(\<type\s\+\)\@<=\h\w*/
syntax match zisTypeName /\%(\<job\s\+\S\+\s*:\s*\)\@<=\h[[:alnum:]_.]*/
syntax match zisLabel /\%(\<goto\s\+\)\@<=\h[[:alnum:]_.]*/
syntax match zisAnnotation /@\h\w*/

" What stands after a dot or before a colon is a name, whatever word it is.
syntax match zisProperty /\.\@<=\h\w*\>\ze\%(\s*(\)\@!/
syntax match zisKey /[{(,]\s*\zs\h\w*\ze?\?\s*:/

syntax match zisNumber /\<\d\+\%(\.\d\+\)\?\%([eE][+-]\?\d\+\|ms\|s\|m\|h\)\?\>/

syntax region zisString start=/"/ skip=/\\./ end=/"/ oneline contains=zisEscape,zisPlaceholder,zisInterpolation
syntax region zisString start=/"""/ end=/"""/ contains=zisEscape,zisPlaceholder,zisInterpolation
syntax match zisEscape /\\\%([nt"\\$]\|u{\x\{1,6}}\)/ contained
syntax match zisPlaceholder /{{\$[^}"]*}}/ contained
syntax region zisInterpolation matchgroup=zisDelimiter start=/\${/ end=/}/ oneline contained contains=TOP

syntax include @zisJq syntax/zisjq.vim
syntax region zisJq matchgroup=zisDelimiter start=/`/ end=/`/ contains=@zisJq
syntax region zisJq matchgroup=zisDelimiter start=/\z(``\+\)/ end=/\z1/ contains=@zisJq

syntax match zisComment /\/\/.*$/ contains=@Spell
syntax match zisDocumentation /\/\/\/\%([^/].*\)\?$/ contains=@Spell

highlight default link zisAnnotation PreProc
highlight default link zisBoolean Boolean
highlight default link zisComment Comment
highlight default link zisConditional Conditional
highlight default link zisData Special
highlight default link zisDelimiter Delimiter
highlight default link zisDocumentation SpecialComment
highlight default link zisEscape SpecialChar
highlight default link zisException Exception
highlight default link zisFunction Function
highlight default link zisInclude Include
highlight default link zisKey Identifier
highlight default link zisLabel Label
highlight default link zisNamespace Identifier
highlight default link zisNull Constant
highlight default link zisNumber Number
highlight default link zisOperator Operator
highlight default link zisOperatorWord Operator
highlight default link zisPlaceholder Special
highlight default link zisRepeat Repeat
highlight default link zisStatement Statement
highlight default link zisString String
highlight default link zisStructure Structure
highlight default link zisType Type
highlight default link zisTypeName Type

let b:current_syntax = "zis"
