package wording
import ("testing";"tipscreen/indicators";"tipscreen/locales")
func TestZZ(t *testing.T){ d,err:=indicators.Load(indicators.Embedded()); if err!=nil{t.Fatal(err)}
if err:=Check(locales.Open(locales.Embedded()),d);err!=nil{t.Fatal(err)}}
