" Colours of .zis.

if exists("b:current_syntax")
  finish
endif

syntax case match
syntax iskeyword @,48-57,_

" Where two rules begin at one place, the later one wins: from the widest to the narrowest.
syntax match zisOperator /[-+*\/%=!<>?|&:]/
syntax match zisOperator /\.\.\./
syntax match zisData /\$/
syntax match zisTypeName /\<\u\w*\>/
syntax match zisFunction /\<\h\w*\ze(/
syntax match zisNamespace /\<\h\w*\%(\.\h\w*\)*\ze\.\h\w*(/
syntax match zisFunction /\<jq\ze\s*[(`]/

" Words.
syntax match zisConditional /\<\%(if\|else\|match\)\>/
syntax match zisRepeat /\<\%(for\|while\)\>/
syntax match zisException /\<\%(try\|catch\|fail\)\>/
syntax match zisStatement /\<\%(return\|succeed\|wait\|goto\)\>/
syntax match zisStatement /\<\%(break\|continue\)\ze\s*\%($\|}\|\/\/\)/
syntax match zisStatement /\<yield\ze\s/
syntax match zisOperatorWord /\<\%(in\|is\)\>/
syntax match zisOperatorWord /\%(\<is\s\+\)\@<=present\>/
syntax match zisRepeat /\%(\<for\s\+[[:alnum:]_$]\+\s\+\)\@<=in\>/
syntax match zisBoolean /\<\%(true\|false\)\>/
syntax match zisNull /\<null\>/
syntax match zisType /\<\%(string\|number\|int\|bool\|timestamp\|any\)\>/
syntax match zisStructure /\<let\>/
syntax match zisStructure /\<raw\ze\s*"/
syntax match zisStructure /\<extra\ze\s*{/

" Items, and the lines of actions and tests.
syntax match zisStructure /\%(^\s*\|)\s*\)\@<=\%(integration\|bundle\|param\|type\|connection\|config\|event\|action\|job\|flow\|test\)\ze\s\+[[:alnum:]_"{]/
syntax match zisStructure /\%(^\s*\)\@<=\%(headers\|query\|body\)\ze\s\+\S/
syntax match zisInclude /^import\>/
syntax match zisInclude /}\s*\zsfrom\ze\s*"/
syntax match zisStatement /\%(^\s*\)\@<=\%(GET\|POST\|PUT\|PATCH\|DELETE\|HEAD\|OPTIONS\|TRACE\)\>/
syntax match zisStructure /\%(^\s*\u\+\s\+\)\@<=path\ze\s*"/
syntax match zisStatement /\%(^\s*\)\@<=\%(mock\|run\|expect\)\ze\s/
syntax match zisStatement /\%(^\s*expect\s\+\)\@<=\%(call\|path\)\ze\s/
syntax match zisStatement /\<\%(error\|times\)\ze\s\+\d/

" What stands after a dot or before a colon is a name, whatever word it is.
syntax match zisProperty /\%(\.\@<!\.\)\@<=\h\w*\>\ze\%(\s*(\)\@!/
syntax match zisKey /\%(^\s*\|[{(,]\s*\)\@<=\h\w*\ze?\?\s*:/

" What items declare, and what stands where only a name can.
syntax match zisNamespace /\%(^integration\s\+\)\@<=[[:alnum:]_-]\+/
syntax match zisNamespace /\%(^\s*\%(config\|event\)\s\+\)\@<=\h\w*/
syntax match zisNamespace /\%(^\s*\%(mock\|expect\s\+call\)\s\+\)\@<=\h\w*\%(\.\h\w*\)*\ze\.\h/
syntax match zisFunction /\%(^\s*\%(mock\|expect\s\+call\)\s\+\%(\h\w*\.\)*\)\@<=\h\w*\>\ze\.\@!/
syntax match zisFunction /\%(\<\%(job\|flow\|run\)\s\+\)\@<=\h\w*/
syntax match zisFunction /\%(^job\>.*->\s*\)\@<=\h\w*/
syntax match zisTypeName /\%(\<type\s\+\)\@<=\h\w*/
syntax match zisNamespace /\%(\<job\s\+\S\+\s*:\s*\)\@<=\h\w*\%(\.\h\w*\)*\ze\.\h/
syntax match zisTypeName /\%(\<job\s\+\S\+\s*:\s*\%(\h\w*\.\)*\)\@<=\h\w*\>\ze\.\@!/
syntax match zisType /\%(^connection\s\+\h\w*\s*:\s*\)\@<=\h\w*/
syntax match zisLabel /\%(\<goto\s\+\)\@<=\h[[:alnum:]_.]*/
syntax match zisLabel /\%(^\s*expect\s\+path\s.*\)\@<=\h[[:alnum:]_.]*/
syntax match zisAnnotation /@\h\w*/

syntax match zisNumber /\<\d\+\%(\.\d\+\)\?\%([eE][+-]\?\d\+\|ms\|s\|m\|h\)\?\>/

syntax region zisString start=/"/ skip=/\\./ end=/"\|$/ contains=zisEscape,zisPlaceholder,zisInterpolation
syntax region zisString start=/"""/ end=/"""/ contains=zisEscape,zisPlaceholder,zisInterpolation
syntax match zisEscape /\\\%([nrt"\\$\/]\|u{\x\{1,6}}\)/ contained
syntax match zisPlaceholder /{{\$[^}"]*}}/ contained
syntax region zisInterpolation matchgroup=zisDelimiter start=/\${/ end=/}/ oneline contained contains=TOP
syntax match zisKey /\%(^\s*\|[{(,]\s*\)\@<="\%([^"\\]\|\\.\)*"\ze?\?\s*:/ contains=zisEscape

" A label is told from a key by the statement behind it: in a list over several lines a comma would end the line.
syntax match zisLabel /\%(^\s*\|{\s*\)\@<=\%(\h\w*\%(\.\w\+\)*\|"[^"]*"\)\ze\s*:\s*\%(\%(let\|if\|match\|for\|while\|try\|return\|succeed\|fail\|wait\|goto\)\>\|\h[[:alnum:]_.]*(\%(.*,$\)\@!\)/
syntax match zisLabel /\%(^\s*\|{\s*\)\@<=\h\w*\.[[:alnum:]_.]\+\ze\s*:/

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
