#include "runtime/text/contact_form.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(contact_form, a_telephone_number_is_its_digits) {
  EXPECT_EQ(phone_form("(977) 625-2661"), "9776252661");
  EXPECT_EQ(phone_form(" 138 0013 8000 "), "13800138000");
  EXPECT_EQ(phone_form("0571-8765 4321"), "057187654321");
  EXPECT_EQ(phone_form("138·0013·8000"), "13800138000");
}

TEST(contact_form, zeros_alone_are_nobodys_number) {
  EXPECT_EQ(phone_form("00000000000"), "");
  EXPECT_EQ(phone_form("000-0000"), "");
}

TEST(contact_form, a_country_is_kept_except_that_of_chinese_mobiles) {
  EXPECT_EQ(phone_form("+44 20 7946 0958"), "+442079460958");
  EXPECT_EQ(phone_form("0044 20 7946 0958"), "+442079460958");
  EXPECT_EQ(phone_form("+86 571 8765 4321"), "+8657187654321");
  EXPECT_EQ(phone_form("+86 (0)571 8765 4321"), "+8657187654321");
}

TEST(contact_form, a_chinese_mobile_is_one_number_however_its_country_is_written) {
  for (auto text : {"13800000001", "+8613800000001", "+86 138 0000 0001", "0086-13800000001",
                    "8613800000001", "86-13800000001", "86 138-0000-0001", "08613800000001",
                    "086-138 0000 0001", "(+86)13800000001", "(86)138.0000.0001",
                    "+86(0)13800000001", "008613800000001", "013800000001"}) {
    EXPECT_EQ(phone_form(text), "13800000001") << text;
  }
}

TEST(contact_form, a_number_of_another_country_is_not_taken_for_a_chinese_mobile) {
  EXPECT_EQ(phone_form("+1 380 000 0001"), "+13800000001");
  EXPECT_EQ(phone_form("001 380 000 0001"), "+13800000001");
  EXPECT_EQ(phone_form("+852 1380 0000 001"), "+85213800000001");
  EXPECT_EQ(phone_form("+0 1380 0000 001"), "+013800000001");
  EXPECT_EQ(phone_form("8612000000001"), "8612000000001") << "no mobile begins with 12";
}

TEST(contact_form, a_number_copied_from_an_address_book_or_a_table_is_the_same_number) {
  EXPECT_EQ(phone_form("\u202d13800000001\u202c"), "13800000001");
  EXPECT_EQ(phone_form("\u2068+86 138\u00a00000\u20110001\u2069"), "13800000001");
  EXPECT_EQ(phone_form("'13800000001"), "13800000001");
  EXPECT_EQ(phone_form("’13800000001"), "13800000001");
  EXPECT_EQ(phone_form("´13800000001"), "13800000001");
  EXPECT_EQ(phone_form("=\"13800000001\""), "13800000001");
  EXPECT_EQ(phone_form("\ufeff13800000001\r\n"), "13800000001");
  EXPECT_EQ(phone_form("138\u200b0000\u200d0001"), "13800000001");
  EXPECT_EQ(phone_form(std::string_view("1380000\x00"
                                        "0001",
                                        12)),
            "13800000001");
  EXPECT_EQ(phone_form("138–0000—0001"), "13800000001");
  EXPECT_EQ(phone_form("138\u00ad0000\u00ad0001"), "13800000001") << "soft hyphens";
}

TEST(contact_form, a_number_is_read_in_the_digits_of_every_script) {
  EXPECT_EQ(phone_form("１３８００００００01"), "13800000001");
  EXPECT_EQ(phone_form("＋８６－１３８（０００）００００１"), "13800000001");
  EXPECT_EQ(phone_form("١٣٨٠٠٠٠٠٠٠١"), "13800000001");
  EXPECT_EQ(phone_form("۱۳۸۰۰۰۰۰۰۰۱"), "13800000001");
  EXPECT_EQ(phone_form("१३८०००००००१"), "13800000001");
  EXPECT_EQ(phone_form("①③⑧00000001"), "13800000001");
  EXPECT_EQ(phone_form("1️⃣3️⃣8️⃣00000001"), "13800000001");
  EXPECT_EQ(phone_form("𝟏𝟑𝟖00000001"), "13800000001");
}

TEST(contact_form, a_number_may_be_written_as_an_address) {
  EXPECT_EQ(phone_form("tel:+86-138-0000-0001"), "13800000001");
  EXPECT_EQ(phone_form("TEL：13800000001"), "13800000001");
  EXPECT_EQ(phone_form("Tel. 13800000001"), "13800000001");
  EXPECT_EQ(phone_form("℡ 13800000001"), "13800000001");
}

TEST(contact_form, an_extension_is_part_of_the_number_however_it_is_said) {
  for (auto text : {"+86 10 1234 5678 ext. 9", "+86 10 1234 5678 Ext 9", "+86-10-12345678转9",
                    "+86 10 12345678 转 9", "+86 10 12345678轉9", "+861012345678x9",
                    "+86 10 1234 5678 x 9", "+86 10 12345678 (ext 9)", "+86 10 12345678#9",
                    "tel:+86-10-12345678;ext=9", "+86 10 1234 5678, extension: 9",
                    "+86 10 12345678 分机 9", "+86 10 12345678分机号：９", "+861012345678;ext=9"}) {
    EXPECT_EQ(phone_form(text), "+861012345678;ext=9") << text;
  }
  EXPECT_EQ(phone_form("13800000001 转 5"), "13800000001;ext=5");
}

TEST(contact_form, two_extensions_and_none_are_three_numbers) {
  EXPECT_NE(phone_form("010-12345678转9"), phone_form("010-12345678转8"));
  EXPECT_NE(phone_form("010-12345678转9"), phone_form("010-12345678"));
  EXPECT_NE(phone_form("010-12345678转09"), phone_form("010-12345678转9"));
  EXPECT_NE(phone_form("010-12345678转9"), phone_form("010-123456789"));
}

TEST(contact_form, a_country_said_twice_is_said_once) {
  for (auto text :
       {"+86+13800000001", "+86 +86 138 0000 0001", "86 086 138 0000 0001", "+86 86 13800000001",
        "0086 86 13800000001", "86+13800000001", "+86 0086 13800000001"}) {
    EXPECT_EQ(phone_form(text), "13800000001") << text;
  }
  // Whether the second plus begins another country nobody can say.
  for (auto text : {"+86+571 8765 4321", "+44+13800000001", "+86+1 555 0100", "+86+138000000012",
                    "+86++13800000001"}) {
    EXPECT_EQ(phone_form(text), "") << text;
  }
  EXPECT_EQ(phone_form("8686571876543"), "8686571876543") << "no mobile";
}

TEST(contact_form, an_address_may_escape_what_it_holds) {
  EXPECT_EQ(phone_form("tel:%2B8613800000001"), "13800000001");
  EXPECT_EQ(phone_form("tel:%2b44%2020%207946%200958"), "+442079460958");
  EXPECT_EQ(phone_form("TEL:%2B86-10-12345678%3Bext%3D9"), "+861012345678;ext=9");
}

TEST(contact_form, what_is_no_telephone_number_is_empty) {
  for (auto text : {"",
                    "12",
                    "call me",
                    "138 0013 800x",
                    "1+2",
                    "++44123",
                    "123456789012345678901",
                    "tel:",
                    "''",
                    "+",
                    "ext. 9",
                    "x9",
                    "转9",
                    "12 ext. 9",
                    "13800000001;ext=",
                    "13800000001 ext",
                    "13800000001;isub=5",
                    "138 0013 8000 ext. 123456789",
                    "%2b44123456",
                    "tel:%zz138"}) {
    EXPECT_EQ(phone_form(text), "") << text;
  }
  EXPECT_EQ(phone_form(std::string(100'000, '1')), "");
}

TEST(contact_form, a_form_folds_to_itself) {
  for (auto text : {"8613800000001", "+44 20 7946 0958", "0571-8765 4321", "００４４123456",
                    "010-12345678转9", "+86+13800000001 x7"}) {
    auto once = phone_form(text);
    EXPECT_EQ(phone_form(once), once) << text;
  }
}

TEST(contact_form, an_e_mail_address_is_folded) {
  EXPECT_EQ(email_form(" Lin@Example.COM "), "lin@example.com");
  EXPECT_EQ(email_form("ｌｉｎ＠example．com"), "lin@example.com");
  EXPECT_EQ(email_form("\u200eIvan@ПОЧТА.рф\u200b"), "ivan@почта.рф");
  EXPECT_EQ(email_form("mailto:lin@example.com"), "lin@example.com");
  EXPECT_EQ(email_form("'lin@example.com"), "lin@example.com");
  EXPECT_EQ(email_form("<lin@example.com>"), "lin@example.com");
  EXPECT_EQ(email_form("Lin Wang <lin@example.com>"), "lin@example.com");
  EXPECT_EQ(email_form("lin@example.com."), "lin@example.com");
  EXPECT_EQ(email_form("lin@example。com"), "lin@example.com");
  EXPECT_EQ(email_form("LIN@EXAMPLE.COM"), email_form("lin@example.com"))
      << "also with a Turkish I";
  EXPECT_EQ(email_form("lın@example.com"), email_form("LIN@example.com"));
}

TEST(contact_form, what_is_no_e_mail_address_is_empty) {
  for (auto text : {"", "lin", "@example.com", "lin@", "a@b@c", "a b@c.com", "a\u00a0b@c.com",
                    "\u200b@c.com"}) {
    EXPECT_EQ(email_form(text), "") << text;
  }
}

TEST(contact_form, a_name_is_cut_between_characters) {
  EXPECT_EQ(name_form(" \u3000Иван  ПЕТРОВ "), "иван петров");
  std::string expected;
  for (int i = 0; i < 21; ++i) expected += "王";
  EXPECT_EQ(name_form(expected + "王王"), expected);
}

}  // namespace
}  // namespace switchboard
