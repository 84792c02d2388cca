package document

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"text/template"
	"time"
)

// packet is what a file tells of itself (ISO 16684-1), with the schema that PDF/A wants
// described for the mark of PDF/UA.
var packet = template.Must(template.New("metadata").Funcs(template.FuncMap{"xml": escaped}).Parse(`<?xpacket begin="` + "\uFEFF" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{{xml .Title}}</rdf:li></rdf:Alt></dc:title>
{{with .Author}}<dc:creator><rdf:Seq><rdf:li>{{xml .}}</rdf:li></rdf:Seq></dc:creator>
{{end}}{{with .Subject}}<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{{xml .}}</rdf:li></rdf:Alt></dc:description>
{{end}}<dc:language><rdf:Bag><rdf:li>{{xml .Lang}}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{{.Made}}</xmp:CreateDate><xmp:ModifyDate>{{.Made}}</xmp:ModifyDate>
<pdf:Producer>Ashar</pdf:Producer>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289 that the file keeps</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`))

func escaped(text string) (string, error) {
	var b bytes.Buffer
	err := xml.EscapeText(&b, []byte(text))
	return b.String(), err
}

func (d Document) metadata() []byte {
	var b bytes.Buffer
	err := packet.Execute(&b, map[string]string{
		"Title": clean(d.Title), "Author": clean(d.Author), "Subject": clean(d.Subject), "Lang": d.Lang,
		"Made": d.Made.UTC().Format(time.RFC3339),
	})
	if err != nil {
		panic(fmt.Errorf("document: metadata: %w", err)) // the template is ours and its values are text
	}
	return b.Bytes()
}
