"""Names of a British city, from many families of languages. `HOMES` pairs family names with a language at home."""

GIVEN = {
    "en": "Ava Oliver Isla George Freya Harry Poppy Jack Evie Alfie Ruby Archie Elsie Leo Daisy Noah Martha Joe",
    "ur": "Ayesha Hamza Zainab Bilal Maryam Usman Hafsa Imran Sana Adeel Iqra Faisal",
    "pl": "Zofia Jakub Hanna Kacper Lena Mateusz Maja Szymon Alicja Piotr Oliwia Tomasz",
    "pa": "Simran Arjan Jasleen Gurpreet Kiran Manveer Harleen Jagdeep Navneet Balraj",
    "bn": "Tahmina Rafiq Nasrin Tanvir Shirin Kamal Farzana Jamal Rumana Sohel",
    "ar": "Layla Yusuf Rania Omar Huda Tariq Salma Idris Dina Walid",
    "so": "Hodan Abdi Sagal Liban Ifrah Warsame Ayaan Mahad Filsan Guled",
    "ro": "Ioana Andrei Elena Mihai Raluca Stefan Bianca Radu Daria Vlad",
    "pt": "Beatriz Tiago Ines Rafael Mariana Duarte Carolina Nuno Leonor Miguel",
    "yo": "Adaeze Tunde Folake Kola Temi Dele Yetunde Segun Bisi Femi",
    "zh-Hant": "Mei-Ling Ka-Ho Hoi-Yan Chun-Kit Sze-Wing Tsz-Hin Wing-Yan Yat-Long",
    "uk": "Oksana Taras Daryna Bohdan Solomiya Maksym Yaryna Danylo",
}
FAMILY = {
    "en": "Carter Hughes Walsh Bennett Clarke Doyle Foster Gibson Harrison Jenkins Lloyd Morgan Nolan Parry Reid",
    "ur": "Akhtar Chaudhry Hussain Iqbal Khan Malik Mirza Qureshi Rashid Siddiqui",
    "pl": "Adamski Dudek Kowalczyk Lis Mazur Nowicki Pawlak Sikora Wilk Zając",
    "pa": "Bains Dhillon Gill Grewal Johal Sandhu Sidhu Virk",
    "bn": "Ahmed Begum Chowdhury Islam Miah Rahman Sarkar Uddin",
    "ar": "Aziz Darwish Farouk Ibrahim Khoury Mansour Nasser Saleh",
    "so": "Abdullahi Duale Farah Hirsi Jama Nur Osman Warfa",
    "ro": "Ciobanu Dumitru Ionescu Munteanu Petrescu Stan Văduva",
    "pt": "Almeida Carvalho Fonseca Lopes Moreira Pinto Teixeira",
    "yo": "Adebayo Balogun Ogunleye Okafor Oyelaran Salako Williams",
    "zh-Hant": "Chan Cheung Lam Leung Ng Tsang Yip",
    "uk": "Bondarenko Hrytsenko Kovalenko Lysenko Marchenko Shevchuk",
}
# English is most often heard; the rest in the mixed order of a real playground.
LANGUAGES = ("en",) * 11 + tuple(GIVEN)[1:]
CLASS_NAMES = ("Maple", "Willow", "Rowan", "Hazel", "Cherry", "Beech", "Alder", "Aspen", "Holly", "Elm", "Oak", "Ash")


def given(language: str) -> tuple[str, ...]:
    return tuple(GIVEN[language].split())


def family(language: str) -> tuple[str, ...]:
    return tuple(FAMILY[language].split())
