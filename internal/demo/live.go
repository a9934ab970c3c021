package demo

// Live is what goes on while somebody watches; after the last step the
// first one comes again.
var Live = []Step{
	{By: "yuki", Say: "雲が切れて、谷の向こうまで見えます。#今日の山"},
	{By: "elin", Say: "A woodpecker has started on the old larch. It sounds like somebody knocking to be let in."},
	{By: "haru", Like: "visitor"},
	{By: "tomo", Say: "二煎目です。一煎目より落ち着きました。:yunomi:"},
	{By: "arun", Say: "The conductor announces every flower that is in bloom. I did not know that trains could do this."},
	{By: "nora", Say: "{you} Clear sky tonight. Shall I tell you when the space station passes?"},
	{By: "ken", Boost: "boards"},
	{By: "jun", Say: "Two leaves fell on the gravel. They may stay."},
	{By: "haru", Say: "#こはる が座布団をとりました。わたしは床です。", Pictures: []Picture{{"cat", 31, "座布団の上からこちらを見る猫の絵。"}}},
	{By: "mio", Like: "last"},
	{By: "ben", Say: "Found the right chisel. It was in my hand."},
	{By: "elin", ReplyTo: "last", Say: "{ben} It usually is."},
	{By: "mio", Say: "返却された本に、海の砂がすこし入っていました。いい夏だったのだと思います。"},
	{By: "tomo", React: "visitor", With: ":yunomi:"},
	{By: "suzume", Say: "日の入りが、きのうより一分早くなりました。"},
	{By: "yuki", Say: "{you} そちらは晴れていますか。山はもうすぐ雪になりそうです。"},
	{By: "nora", React: "last", With: "❄️"},
	{By: "ken", Say: "暗室の灯りをつけ忘れて、そのまま夜になりました。", Pictures: []Picture{{"night", 37, "丘と松の上に月と星が出ている夜空の絵。"}}},
	{By: "arun", Boost: "seeing"},
	{By: "jun", Say: "Rain on gravel, thirty seconds, then sun. The garden did all the work itself."},
	{By: "ben", ReplyTo: "visitor", Say: "{you} I read this while the glue was drying. Good company."},
	{By: "elin", Say: "Fog in the lower valley, and above it only the tops of the pines. #forest", Pictures: []Picture{{"forest", 41, "Tops of dark pines stand in pale fog."}}},
	{By: "haru", React: "last", With: "🌲"},
	{By: "mio", Boost: "visitor"},
	{By: "arun", Say: "Tea from a vending machine, warm as a small animal. I am holding it with both hands."},
	{By: "tomo", ReplyTo: "last", Say: "{arun} それは正しい持ち方です。"},
}
