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
syntax match zisStatement /\<\%(return\|succeed\|wait\)\>/
syntax match zisStatement /\<goto\>/ nextgroup=zisLabelName skipwhite
syntax match zisStatement /\<\%(break\|continue\)\ze\s*\%($\|}\|\/\/\)/
syntax match zisStatement /\<yield\ze\s/
syntax match zisOperatorWord /\<\%(in\|is\)\>/
syntax match zisOperatorWord /\%(\<is\s\+\)\@<=present\>/
syntax match zisRepeat /\%(\<for\s\+[[:alnum:]_$]\+\s\+\)\@<=in\>/
syntax match zisBoolean /\<\%(true\|false\)\>/
syntax match zisNull /\<null\>/
syntax match zisType /\<\%(string\|number\|int\|bool\|timestamp\|any\)\>/
syntax match zisStructure /\<let\>/
syntax match zisStructure /\<raw\ze\s*["{]/
syntax match zisStructure /\<extra\ze\s*{/

" What stands after a dot or before a colon is a name, whatever word it is.
syntax match zisProperty /\%(\.\@1<!\.\)\@2<=\h\w*\>\ze\%(\s*(\)\@!/
syntax match zisKey /^\s*\zs\h\w*\ze?\?\s*:/
syntax match zisOpening /[(,]/ nextgroup=zisKeyName skipwhite
syntax match zisOpening /{/ nextgroup=zisKeyName,zisLabelInLine skipwhite
syntax match zisKeyName /\<\h\w*\ze?\?\s*:/ contained

" Items, and the lines of actions and tests.
syntax match zisStructure /\%(^\s*\|)\s*\)\@<=\%(bundle\|test\)\ze\s\+"/
syntax match zisStructure /\%(^\s*\|)\s*\)\@<=param\ze\s\+\h/
syntax match zisStructure /\%(^\s*\|)\s*\)\@<=integration\ze\s\+[[:alnum:]_"]/ nextgroup=zisIntegrationName skipwhite
syntax match zisStructure /\%(^\s*\|)\s*\)\@<=\%(config\|event\)\ze\s\+[[:alnum:]_"{]/ nextgroup=zisIntegrationName skipwhite
syntax match zisStructure /\%(^\s*\|)\s*\)\@<=connection\ze\s\+\h/ nextgroup=zisConnectionName skipwhite
syntax match zisStructure /\%(^\s*\|)\s*\)\@<=type\ze\s\+\h/ nextgroup=zisTypeName skipwhite
syntax match zisStructure /\%(^\s*\|)\s*\)\@<=\%(action\|flow\)\ze\s\+[[:alnum:]_"]/ nextgroup=zisCalledNamespace,zisFunctionName skipwhite
syntax match zisStructure /\%(^\s*\|)\s*\)\@<=job\ze\s\+[[:alnum:]_"]/ nextgroup=zisJobName,zisJobText skipwhite
syntax match zisStructure /\%(^\s*\)\@<=\%(headers\|query\|body\)\ze\s\+\S/
syntax match zisInclude /^import\>/
syntax match zisInclude /}\s*\zsfrom\ze\s*"/
syntax match zisStatement /\%(^\s*\)\@<=\%(GET\|POST\|PUT\|PATCH\|DELETE\|HEAD\|OPTIONS\|TRACE\)\>/ nextgroup=zisPath skipwhite
syntax match zisPath /path\ze\s*"/ contained
syntax match zisStatement /\%(^\s*\)\@<=run\ze\s/ nextgroup=zisFunctionName skipwhite
syntax match zisStatement /\%(^\s*\)\@<=mock\ze\s/ nextgroup=zisCalledNamespace,zisFunctionName skipwhite
syntax match zisStatement /\%(^\s*\)\@<=expect\ze\s/ nextgroup=zisExpectedCall,zisExpectedPath skipwhite
syntax match zisExpectedCall /call\ze\s/ contained nextgroup=zisCalledNamespace,zisFunctionName skipwhite
syntax match zisExpectedPath /path\ze\s/ contained nextgroup=zisPathLabel skipwhite
syntax match zisPathLabel /\h[[:alnum:]_.]*/ contained nextgroup=zisPathComma skipwhite
syntax match zisPathComma /,/ contained nextgroup=zisPathLabel skipwhite
syntax match zisFunctionName /\<\h\w*/ contained
syntax match zisCalledNamespace /\h\w*\%(\.\h\w*\)*\ze\.\h/ contained nextgroup=zisCalledDot
syntax match zisCalledDot /\./ contained nextgroup=zisFunctionName
syntax match zisStatement /\<\%(error\|times\)\ze\s\+\d/

" What items declare, and what stands where only a name can.
syntax match zisIntegrationName /\<[[:alnum:]_-]\+/ contained
syntax match zisLabelName /\<\h[[:alnum:]_.]*/ contained
syntax match zisConnectionName /\<\h[[:alnum:]_.]*/ contained nextgroup=zisConnectionColon skipwhite
syntax match zisConnectionColon /:/ contained nextgroup=zisConnectionKind skipwhite
syntax match zisConnectionKind /\<\h\w*/ contained
syntax match zisTypeName /\<\h\w*\ze\s*=/ contained
syntax match zisJobName /\<\h[[:alnum:]_.]*/ contained nextgroup=zisJobColon skipwhite
syntax match zisJobText /"[^"]*"/ contained nextgroup=zisJobColon skipwhite
syntax match zisJobColon /:/ contained nextgroup=zisEventNamespace,zisEventName skipwhite
syntax match zisEventNamespace /\<\h\w*\%(\.\h\w*\)*\ze\.\h/ contained nextgroup=zisEventDot
syntax match zisEventDot /\./ contained nextgroup=zisEventName
syntax match zisEventName /\<\h\w*\>\ze\%(\.\h\)\@!/ contained nextgroup=zisJobArrow skipwhite
syntax match zisJobArrow /->/ contained nextgroup=zisFunctionName skipwhite
syntax match zisAnnotation /@\h\w*/

syntax match zisNumber /\<\d\+\%(\.\d\+\)\?\%([eE][+-]\?\d\+\|ms\|s\|m\|h\)\?\>/

syntax region zisString start=/"/ skip=/\\./ end=/"\|$/ contains=zisEscape,zisPlaceholder,zisInterpolation
syntax region zisString start=/"""/ end=/"""/ contains=zisEscape,zisPlaceholder,zisInterpolation
syntax match zisEscape /\\\%([nrt"\\$\/]\|u{\x\{1,6}}\)/ contained
syntax match zisPlaceholder /{{\$[^}"]*}}/ contained
syntax region zisInterpolation matchgroup=zisDelimiter start=/\${/ end=/}/ oneline contained contains=TOP
syntax match zisKey /^\s*\zs"\%([^"\\]\|\\.\)*"\ze?\?\s*:/ contains=zisEscape
syntax match zisKeyName /"\%([^"\\]\|\\.\)*"\ze?\?\s*:/ contained contains=zisEscape

" A label is told from a key by the statement behind it: in a list over several lines a comma would end the line.
syntax match zisLabel /^\s*\zs\%(\h\w*\%(\.\w\+\)*\|"[^"]*"\)\ze\s*:\s*\%(\%(let\|if\|match\|for\|while\|try\|return\|succeed\|fail\|wait\|goto\)\>\|\h[[:alnum:]_.]*(\%(.*,$\)\@!\)/
syntax match zisLabelInLine /\%(\h\w*\%(\.\w\+\)*\|"[^"]*"\)\ze\s*:\s*\%(let\|if\|match\|for\|while\|try\|return\|succeed\|fail\|wait\|goto\)\>/ contained
syntax match zisLabel /^\s*\zs\h\w*\.[[:alnum:]_.]\+\ze\s*:/

syntax include @zisJq syntax/zisjq.vim
syntax region zisJq matchgroup=zisDelimiter start=/`/ end=/`/ contains=@zisJq
syntax region zisJq matchgroup=zisDelimiter start=/\z(``\+\)/ end=/\z1/ contains=@zisJq

syntax match zisComment /\/\/.*$/ contains=@Spell
syntax match zisDocumentation /\/\/\/\%([^/].*\)\?$/ contains=@Spell

highlight default link zisAnnotation PreProc
highlight default link zisBoolean Boolean
highlight default link zisCalledNamespace zisNamespace
highlight default link zisComment Comment
highlight default link zisConditional Conditional
highlight default link zisConnectionKind zisType
highlight default link zisData Special
highlight default link zisDelimiter Delimiter
highlight default link zisDocumentation SpecialComment
highlight default link zisEscape SpecialChar
highlight default link zisEventName zisTypeName
highlight default link zisEventNamespace zisNamespace
highlight default link zisException Exception
highlight default link zisExpectedCall zisStatement
highlight default link zisExpectedPath zisStatement
highlight default link zisFunction Function
highlight default link zisFunctionName zisFunction
highlight default link zisInclude Include
highlight default link zisIntegrationName zisNamespace
highlight default link zisJobArrow zisOperator
highlight default link zisJobName zisFunction
highlight default link zisJobText zisString
highlight default link zisKey Identifier
highlight default link zisKeyName zisKey
highlight default link zisLabel Label
highlight default link zisLabelInLine zisLabel
highlight default link zisLabelName zisLabel
highlight default link zisNamespace Identifier
highlight default link zisNull Constant
highlight default link zisNumber Number
highlight default link zisOperator Operator
highlight default link zisOperatorWord Operator
highlight default link zisPath zisStructure
highlight default link zisPathLabel zisLabel
highlight default link zisPlaceholder Special
highlight default link zisRepeat Repeat
highlight default link zisStatement Statement
highlight default link zisString String
highlight default link zisStructure Keyword
highlight default link zisType Type
highlight default link zisTypeName Type

syntax sync minlines=200

let b:current_syntax = "zis"
